select "k0", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
          from (select *, max("x"."d") over () as "edge"
            from (select "d_product"."name" as "k0", "f"."quantity" as "a_m0", "f"."day" as "d"
              from "stock" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."day" >= date '2024-06-01') and ("f"."day" <= date '2024-06-30'))) as "x") as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m1") filter (where ("x"."d" = "x"."edge")) as "m1"
          from (select *, max("x"."d") over () as "edge"
            from (select "d_product"."name" as "k0", "f"."quantity" as "a_m1", "f"."day" as "d"
              from "stock" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."day" >= date '2024-04-01') and ("f"."day" <= date '2024-04-30'))) as "x") as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "q"
order by "k0" asc nulls last
limit 10001;
