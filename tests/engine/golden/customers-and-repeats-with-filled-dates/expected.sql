with "r0" as materialized (with "facts" as materialized (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2"
    from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1", null as "m2"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", "s"."g" as "g", avg("x"."v0") as "m0"
          from (values (0, 0)) as "s"("inner", "g")
          inner join (select "k0", "k1", "k2", 0 as "g", "m0" as "v0"
            from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", 0 as "g", sum("x"."a_m0") as "m0"
              from (select "d_product"."category" as "k0", "f"."sold_on" as "k1", "d_customer"."customer_id" as "k2", "f"."amount" as "a_m0"
                from "sales" as "f"
                left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
                left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
                where (("f"."sold_on" >= date '2024-03-01') and ("f"."sold_on" <= date '2024-03-04'))) as "x"
              group by "x"."k0", "x"."k1", "x"."k2") as "r0"
            where ("m0" is not null)) as "x" on (("x"."g" = "s"."inner") and ("x"."k2" is not null))
          group by "x"."k0", "x"."k1", "s"."g") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1", null as "m2"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(count("x"."a_m1") as double), 0)) as "m1"
          from (select "d_product"."category" as "k0", "f"."sold_on" as "k1", (case when (("f"."customer_id" is null) or ("f"."sold_on" is null)) then null when ("n_m1"."next" <= cast(("f"."sold_on" + interval '30 days') as date)) then 1 else 0 end) as "a_m1"
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
              where ("o"."turn" = 1)) as "n_m1" on (("n_m1"."e" = "f"."customer_id") and ("n_m1"."t" = "f"."sold_on"))
            where (("f"."sold_on" >= date '2024-03-01') and ("f"."sold_on" <= date '2024-03-04'))) as "x"
          group by "x"."k0", "x"."k1") as "u1")
      union all (select "u2"."k0" as "k0", "u2"."k1" as "k1", "u2"."g" as "g", null as "m0", null as "m1", "u2"."m2" as "m2"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m2"
          from (select "d_product"."category" as "k0", "f"."sold_on" as "k1"
            from "sales" as "f"
            left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
            where (("f"."sold_on" >= date '2024-03-01') and ("f"."sold_on" <= date '2024-03-04'))) as "x"
          group by "x"."k0", "x"."k1") as "u2")) as "u"
    group by "u"."k0", "u"."k1", "u"."g") select "b"."k0" as "k0", "b"."k1" as "k1", "b"."g" as "g", max("b"."m0") as "m0", max("b"."m1") as "m1", max("b"."m2") as "m2"
  from ((select "o"."k0" as "k0", "o"."k1" as "k1", "o"."g" as "g", "o"."m0" as "m0", "o"."m1" as "m1", "o"."m2" as "m2"
      from "facts" as "o")
    union all (select "c"."k0" as "k0", "s"."k1" as "k1", 0 as "g", null as "m0", null as "m1", null as "m2"
      from (select distinct "q"."k0" as "k0"
        from "facts" as "q"
        where ("q"."g" = 0)) as "c"
      cross join (values (date '2024-03-01'), (date '2024-03-02'), (date '2024-03-03'), (date '2024-03-04')) as "s"("k1"))) as "b"
  group by "b"."k0", "b"."k1", "b"."g"), "r1" as (select *, max((case when ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) then 1 end)) over (partition by "g", "k0") as "w0_0"
  from "r0") select "k0", "k1", "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v2"
from "r1"
where (("g" = 0) and (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ((("k1" >= date '2024-03-01') and ("k1" <= date '2024-03-04')) and ("w0_0" = 1))))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
