with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
          from (select *, max("x"."d") over (partition by "x"."k0") as "edge"
            from (select (year("f"."day") * 4 + quarter("f"."day") - 1) as "k0", "f"."quantity" as "a_m0", "f"."day" as "d"
              from "stock" as "f"
              where (("f"."day" >= date '2024-01-01') and ("f"."day" <= date '2024-12-31'))) as "x") as "x"
          group by "x"."k0") as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", "u1"."m0" as "m0", null as "m1"
      from (select null as "k0", 1 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
        from (select *, max("x"."d") over () as "edge"
          from (select "f"."quantity" as "a_m0", "f"."day" as "d"
            from "stock" as "f"
            where (("f"."day" >= date '2024-01-01') and ("f"."day" <= date '2024-12-31'))) as "x") as "x") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."g" as "g", null as "m0", "u2"."m1" as "m1"
      from (select "x"."k0" as "k0", 0 as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(max("x"."days") as double), 0)) as "m1"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "f"."quantity" as "a_m1", "f"."day" as "d"
            from "stock" as "f"
            where (("f"."day" >= date '2024-01-01') and ("f"."day" <= date '2024-12-31'))) as "y"
          inner join (values (date '2024-01-01', date '2024-01-01', date '2024-03-31', 91), (date '2024-04-01', date '2024-04-01', date '2024-06-30', 91), (date '2024-07-01', date '2024-07-01', date '2024-09-30', 92), (date '2024-10-01', date '2024-10-01', date '2024-12-31', 92)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
        group by "x"."k0") as "u2")
    union all (select "u3"."k0" as "k0", "u3"."g" as "g", null as "m0", "u3"."m1" as "m1"
      from (select null as "k0", 1 as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(366 as double), 0)) as "m1"
        from (select "f"."quantity" as "a_m1", "f"."day" as "d"
          from "stock" as "f"
          where (("f"."day" >= date '2024-01-01') and ("f"."day" <= date '2024-12-31'))) as "x") as "u3")) as "u"
  group by "u"."k0", "u"."g") select "k0", "g", "v0", "v1"
from ((select "k0", "g", "m0" as "v0", "m1" as "v1"
    from "r0"
    where (("g" = 0) and (("m0" is not null) or ("m1" is not null)))
    order by "k0" asc nulls last
    limit 10001)
  union all (select "k0", "g", "m0" as "v0", "m1" as "v1"
    from "r0"
    where (("g" in (1)) and (("g" = 1) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last;
