select "k0", "g", "v0", "v1"
from (select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m0") as "m0"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m0") as "m0"
              from (select "f"."sold_on" as "d", "f"."amount" as "a_m0"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-04-29') and ("f"."sold_on" <= date '2024-05-03'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-05-29', date '2024-04-29', 1), (date '2024-05-30', date '2024-04-30', 1), (date '2024-06-01', date '2024-05-01', 1), (date '2024-06-02', date '2024-05-02', 1), (date '2024-06-03', date '2024-05-03', 1)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m1"
          from (select "f"."sold_on" as "k0"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-05-29') and ("f"."sold_on" <= date '2024-06-03'))) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
