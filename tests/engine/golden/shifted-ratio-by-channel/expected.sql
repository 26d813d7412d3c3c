select "k0", "k1", "g", "v0", "v1"
from (select "k0", "k1", 0 as "g", (cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) as "v0", (cast(("m2" - "m3") as double) / nullif(cast("m2" as double), 0)) as "v1"
  from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2", max("u"."m3") as "m3"
    from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", null as "m2", null as "m3"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0", sum("x"."a_m1") as "m1"
          from (select "f"."channel" as "k0", cast(date_trunc('quarter', "f"."sold_on") as date) as "k1", "f"."amount" as "a_m0", "f"."cost" as "a_m1"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-03-31'))) as "x"
          group by "x"."k0", "x"."k1") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", null as "m1", "u1"."m2" as "m2", "u1"."m3" as "m3"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m2") as "m2", sum("x"."m3") as "m3"
          from (select "s"."k1" as "k1", "s"."days" as "days", "y".*
            from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m2") as "m2", sum("y"."a_m3") as "m3"
              from (select "f"."channel" as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m2", "f"."cost" as "a_m3"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31'))) as "y"
              group by "y"."k0", "y"."d") as "y"
            inner join (values (date '2025-01-01', date '2024-01-01', 91)) as "s"("k1", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0", "x"."k1") as "u1")) as "u"
    group by "u"."k0", "u"."k1", "u"."g") as "r0"
  where ((((cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) is not null) and (("m0" is not null) or ("m1" is not null))) or (((cast(("m2" - "m3") as double) / nullif(cast("m2" as double), 0)) is not null) and (("m2" is not null) or ("m3" is not null))))) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
