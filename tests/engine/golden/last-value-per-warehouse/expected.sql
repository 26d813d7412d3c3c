select "k0", 0 as "g", "m0" as "v0"
from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
    from (select *, max("x"."d") over (partition by "x"."k0", "x"."p0") as "edge"
      from (select (year("f"."day") * 4 + quarter("f"."day") - 1) as "k0", "f"."quantity" as "a_m0", "f"."day" as "d", "f"."warehouse" as "p0"
        from "stock" as "f") as "x") as "x"
    group by "x"."k0") as "n") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last
limit 10001;
