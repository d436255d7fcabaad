"""How every page is made: the gate, pages, forms, assets, errors, headers, the server. Knows no room."""
