with "r0" as materialized (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1", null as "m2"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", "s"."g" as "g", avg("x"."v0") as "m0"
        from (values (0, 0), (6, 3), (2, 1)) as "s"("inner", "g")
        left join (with "r0" as materialized (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."k2" as "k2", "n"."g" as "g", "n"."m0" as "m0"
            from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", (((grouping("x"."k0") * 4) + (grouping("x"."k1") * 2)) + 0) as "g", sum("x"."a_m0") as "m0"
              from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", sum("x"."a_m0") as "a_m0"
                from (select "d_product"."category" as "k0", year("f"."sold_on") as "k1", "d_customer"."customer_id" as "k2", "f"."amount" as "a_m0"
                  from "sales" as "f"
                  left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0", "x"."k1", "x"."k2") as "x"
              group by grouping sets (("x"."k0", "x"."k1", "x"."k2"), ("x"."k2"), ("x"."k0", "x"."k2"))) as "n") select "k0", "k1", "k2", "g", "v0"
          from ((select "k0", "k1", "k2", "g", "m0" as "v0"
              from "r0"
              where (("g" = 0) and ("m0" is not null)))
            union all (select "k0", "k1", "k2", "g", "m0" as "v0"
              from "r0"
              where (("g" in (6, 2)) and (("g" = 7) or ("m0" is not null))))) as "t") as "x" on (("x"."g" = "s"."inner") and ("x"."k2" is not null))
        where (("x"."g" is not null) or ("s"."g" = 3))
        group by "x"."k0", "x"."k1", "s"."g") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", null as "m1", "u1"."m2" as "m2"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", "s"."g" as "g", median(cast("x"."v0" as double)) as "m2"
        from (values (0, 0), (6, 3), (2, 1)) as "s"("inner", "g")
        left join (with "r0" as materialized (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."k2" as "k2", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1"
            from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", (((grouping("x"."k0") * 4) + (grouping("x"."k1") * 2)) + 0) as "g", sum("x"."a_m0") as "m0", sum("x"."a_m1") as "m1"
              from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", sum("x"."a_m0") as "a_m0", sum("x"."a_m1") as "a_m1"
                from (select "d_product"."category" as "k0", year("f"."sold_on") as "k1", "f"."sold_on" as "k2", "f"."amount" as "a_m0", "f"."cost" as "a_m1"
                  from "sales" as "f"
                  left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
                group by "x"."k0", "x"."k1", "x"."k2") as "x"
              group by grouping sets (("x"."k0", "x"."k1", "x"."k2"), ("x"."k2"), ("x"."k0", "x"."k2"))) as "n") select "k0", "k1", "k2", "g", "v0"
          from ((select "k0", "k1", "k2", "g", ("m0" - "m1") as "v0"
              from "r0"
              where (("g" = 0) and (("m0" - "m1") is not null)))
            union all (select "k0", "k1", "k2", "g", ("m0" - "m1") as "v0"
              from "r0"
              where (("g" in (6, 2)) and (("g" = 7) or (("m0" - "m1") is not null))))) as "t") as "x" on (("x"."g" = "s"."inner") and ("x"."k2" is not null))
        where (("x"."g" is not null) or ("s"."g" = 3))
        group by "x"."k0", "x"."k1", "s"."g") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."k1" as "k1", "u2"."g" as "g", null as "m0", "u2"."m1" as "m1", null as "m2"
      from (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m1" as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(count("x"."a_m1") as double), 0)) as "m1"
          from (select "d_product"."category" as "k0", year("f"."sold_on") as "k1", (case when (("f"."customer_id" is null) or ("f"."sold_on" is null)) then null when ("n_m1"."next" <= cast(("f"."sold_on" + interval '30 days') as date)) then 1 else 0 end) as "a_m1"
            from "sales" as "f"
            left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
            left join (select "o"."e" as "e", "o"."t" as "t", "o"."next" as "next"
              from (select "u"."e" as "e", "u"."t" as "t", "u"."turn" as "turn", min("u"."c") over (partition by "u"."e"
                  order by "u"."t" desc nulls last, "u"."turn" asc nulls last) as "next"
                from ((select distinct "f"."customer_id" as "e", "f"."sold_on" as "t", cast(null as date) as "c", 1 as "turn"
                    from "sales" as "f"
                    where (("f"."customer_id" is not null) and ("f"."sold_on" is not null)))
                  union all (select "f"."customer_id" as "e", "f"."sold_on" as "t", "f"."sold_on" as "c", 2 as "turn"
                    from "sales" as "f"
                    where (("f"."customer_id" is not null) and ("f"."sold_on" is not null)))) as "u") as "o"
              where ("o"."turn" = 1)) as "n_m1" on (("n_m1"."e" = "f"."customer_id") and ("n_m1"."t" = "f"."sold_on"))) as "x"
          group by grouping sets (("x"."k0", "x"."k1"), (), ("x"."k0"))) as "n") as "u2")) as "u"
  group by "u"."k0", "u"."k1", "u"."g") select "k0", "k1", "g", "v0", "v1", "v2"
from ((select "k0", "k1", "g", "m0" as "v0", "m1" as "v1", "m2" as "v2"
    from "r0"
    where (("g" = 0) and ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", "m0" as "v0", "m1" as "v1", "m2" as "v2"
    from "r0"
    where (("g" in (3, 1)) and (("g" = 3) or ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
