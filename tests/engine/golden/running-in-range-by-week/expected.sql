select "k0", "k1", "g", "v0", "v1"
from (select "k0", "k1", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
  from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m0") as "m0"
          from (select "s"."k1" as "k1", "s"."days" as "days", "y".*
            from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m0") as "m0"
              from (select "f"."channel" as "k0", cast(date_trunc('week', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-03-06') and ("f"."sold_on" <= date '2024-03-26'))) as "y"
              group by "y"."k0", "y"."d") as "y"
            inner join (values (date '2024-03-04', date '2024-03-04', 5), (date '2024-03-11', date '2024-03-04', 12), (date '2024-03-11', date '2024-03-11', 12), (date '2024-03-18', date '2024-03-04', 19), (date '2024-03-18', date '2024-03-11', 19), (date '2024-03-18', date '2024-03-18', 19), (date '2024-03-25', date '2024-03-04', 21), (date '2024-03-25', date '2024-03-11', 21), (date '2024-03-25', date '2024-03-18', 21), (date '2024-03-25', date '2024-03-25', 21)) as "s"("k1", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0", "x"."k1") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m1"
          from (select "f"."channel" as "k0", cast(date_trunc('week', "f"."sold_on") as date) as "k1"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-03-06') and ("f"."sold_on" <= date '2024-03-26'))) as "x"
          group by "x"."k0", "x"."k1") as "u1")) as "u"
    group by "u"."k0", "u"."k1", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
