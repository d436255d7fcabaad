"""Con người, chức danh, tài khoản, quyền; đăng nhập. Main words: Person, Post, Account, Grant, SignIn."""
