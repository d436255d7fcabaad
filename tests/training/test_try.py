from tests.training import make
from lms.training import actions
from lms.training.models import RollState
from lms.core.db import db
from tests.page import Page
import gzip

def test_pages(page):
    held, (one, two), persons = make.running(35)
    make.taught_by(held)
    c, s1, p = make.at(held), make.at(one), make.at(persons[0])
    actions.mark(one, persons[0].id, RollState.PRESENT, by=make.BY)
    actions.mark(one, persons[1].id, RollState.LATE, by=make.BY, missing=20, reason="xe hỏng")
    db.remove()
    for who in ("coordinator","trainer"):
        page.as_(who)
        for a in ("/lop", f"/lop?loc=sap-toi", f"/lop/{c}", f"/lop/{c}/danh-sach", f"/lop/{c}/danh-sach?nhom=da-den", f"/buoi/{s1}", f"/buoi/{s1}?loc=chua", f"/buoi/{s1}/nguoi/{p}", f"/buoi/{s1}/in", f"/buoi/{s1}/chot", f"/buoi/{s1}/tat-ca-co-mat", f"/buoi/{s1}/them-nguoi?tim=hanh"):
            h = page.get(a); print(who, a, page.statements, len(page.last.data), len(gzip.compress(page.last.data)))
    page.as_("coordinator")
    for a in ("/lop/them", f"/lop/{c}/moi", f"/lop/{c}/giang-vien", f"/lop/{c}/giang-vien?tim=hanh", f"/lop/{c}/them-buoi", f"/lop/{c}/chot", f"/lop/{c}/huy", f"/buoi/{s1}/mo-lai"):
        h = page.get(a); print(a, page.statements)
    from lms.core.db import counting
    for who in ("coordinator","trainer"):
        page.as_(who)
        for n,(sid,i) in enumerate([(s1,10),(s1,11),(s1,11)]):
          for hx in ({}, {"HX-Request":"true"}):
            with page.client.session_transaction() as cookie: tok=cookie["csrf"]
            db.remove()
            with counting() as cc:
                r = page.client.post(f"/buoi/{sid}/diem-danh", data={"csrf_token":tok,"nguoi":make.at(make.villagers(35)[i+(20 if hx else 0)-(5 if who=='trainer' else 0)])+('.late' if n==2 else '.present')}, headers=hx)
            print(who, n, bool(hx), r.status_code, len(cc.statements))
            if n in (1,2) and not hx or n==2:
                for x in cc.statements: print('   ', ' '.join(x.split())[:150])
            if hx: print(r.text[:900])
    page.as_("cadre"); page.get("/lop")
