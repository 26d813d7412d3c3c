select "k0", "g", "v0", "v1", "v2", "v3"
from (select "k0", 0 as "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1", (coalesce("m0", 0) - coalesce("m1", 0)) as "v2", (cast((coalesce("m0", 0) - coalesce("m1", 0)) as double) / nullif(cast(abs(coalesce("m1", 0)) as double), 0)) as "v3"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
          from (select cast(date_trunc('week', "f"."sold_on") as date) as "k0"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-12-30') and ("f"."sold_on" <= date '2025-01-19'))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m1") as "m1"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", nullif(count(*), 0) as "m1"
              from (select cast(date_trunc('week', "f"."sold_on") as date) as "d"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-01-21'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-12-30', date '2024-01-01', 7), (date '2025-01-06', date '2024-01-08', 7), (date '2025-01-13', date '2024-01-15', 7)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
