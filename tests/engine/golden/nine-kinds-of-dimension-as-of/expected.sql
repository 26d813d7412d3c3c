with "r0" as materialized ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."k2" as "k2", "u0"."k3" as "k3", "u0"."k4" as "k4", "u0"."k5" as "k5", "u0"."k6" as "k6", "u0"."k7" as "k7", "u0"."k8" as "k8", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m2" as "m2", "u0"."m4" as "m4", "u0"."m1" as "m1", "u0"."m3" as "m3", "u0"."m5" as "m5"
    from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", "x"."k4" as "k4", "x"."k5" as "k5", "x"."k6" as "k6", "x"."k7" as "k7", "x"."k8" as "k8", 0 as "g", sum(("x"."a_m0" * "x"."w")) filter (where "x"."s0") as "m0", nullif(sum("x"."w") filter (where "x"."s0"), 0) as "m2", nullif(count(distinct "x"."a_m4") filter (where "x"."s0"), 0) as "m4", sum(("x"."a_m0" * "x"."w")) filter (where "x"."s1") as "m1", nullif(sum("x"."w") filter (where "x"."s1"), 0) as "m3", nullif(count(distinct "x"."a_m4") filter (where "x"."s1"), 0) as "m5"
      from (select "d_product"."category" as "k0", "d_customer.region"."region_name" as "k1", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k2", cast(date_trunc('year', "f"."shipped_on") as date) as "k3", "f"."channel" as "k4", "b_promotion"."a_type" as "k5", "b_weighted_promotion"."a_type" as "k6", "d_customer"."status" as "k7", (("f"."customer_id" in (select "d"."customer_id" as "k"
              from "customer" as "d"
              left join (select "k0", 0 as "g", "m0" as "v0"
                from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                  from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                    from "sales" as "f"
                    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                  group by "x"."k0") as "r0"
                where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
              where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k8", "f"."amount" as "a_m0", "f"."customer_id" as "a_m4", coalesce("b_weighted_promotion"."w", 1) as "w", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31')) as "s0", (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2023-12-31')) as "s1"
        from "sales" as "f"
        inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ((("d_customer"."valid_from" is null) or ("d_customer"."valid_from" <= date '2024-08-01')) and (("d_customer"."valid_until" is null) or ("d_customer"."valid_until" > date '2024-08-01'))))
        left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
        inner join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
        left join (select "l"."sale_id" as "on", "d"."type" as "a_type"
          from "sale_promotion" as "l"
          left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
          group by "l"."sale_id", "d"."type") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")
        left join (select "l"."sale_id" as "on", "d"."type" as "a_type", sum("l"."share") as "w"
          from "sale_promotion" as "l"
          left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
          group by "l"."sale_id", "d"."type") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")
        where ((((("d_customer"."country" = $2) and ("d_product"."name" in ($3, $4))) and (("d_customer"."status" = $5) or ("f"."channel" = $6))) and (("f"."customer_id" in (select "d"."customer_id" as "k"
                  from "customer" as "d"
                  left join (select "k0", 0 as "g", "m0" as "v0"
                    from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                      from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                        from "sales" as "f"
                        left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                      group by "x"."k0") as "r0"
                    where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
                  where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $7)))) is true)) and (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2024-12-31')))) as "x"
      group by "x"."k0", "x"."k1", "x"."k2", "x"."k3", "x"."k4", "x"."k5", "x"."k6", "x"."k7", "x"."k8") as "u0")
  union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."k2" as "k2", "u1"."k3" as "k3", "u1"."k4" as "k4", "u1"."k5" as "k5", "u1"."k6" as "k6", "u1"."k7" as "k7", "u1"."k8" as "k8", "u1"."g" as "g", "u1"."m0" as "m0", "u1"."m2" as "m2", "u1"."m4" as "m4", "u1"."m1" as "m1", "u1"."m3" as "m3", "u1"."m5" as "m5"
    from (select null as "k0", null as "k1", null as "k2", null as "k3", null as "k4", null as "k5", null as "k6", "x"."k7" as "k7", null as "k8", 509 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", nullif(count(*) filter (where "x"."s0"), 0) as "m2", nullif(count(distinct "x"."a_m4") filter (where "x"."s0"), 0) as "m4", sum("x"."a_m0") filter (where "x"."s1") as "m1", nullif(count(*) filter (where "x"."s1"), 0) as "m3", nullif(count(distinct "x"."a_m4") filter (where "x"."s1"), 0) as "m5"
      from (select "d_customer"."status" as "k7", "f"."amount" as "a_m0", "f"."customer_id" as "a_m4", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31')) as "s0", (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2023-12-31')) as "s1"
        from "sales" as "f"
        inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ((("d_customer"."valid_from" is null) or ("d_customer"."valid_from" <= date '2024-08-01')) and (("d_customer"."valid_until" is null) or ("d_customer"."valid_until" > date '2024-08-01'))))
        inner join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
        where ((((("d_customer"."country" = $8) and ("d_product"."name" in ($9, $10))) and (("d_customer"."status" = $11) or ("f"."channel" = $12))) and (("f"."customer_id" in (select "d"."customer_id" as "k"
                  from "customer" as "d"
                  left join (select "k0", 0 as "g", "m0" as "v0"
                    from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                      from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                        from "sales" as "f"
                        left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                      group by "x"."k0") as "r0"
                    where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
                  where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $13)))) is true)) and (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2024-12-31')))) as "x"
      group by "x"."k7") as "u1")) select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "g", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11"
from ((select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7", "v8", "v9", ("v8" - "v9") as "v10", (cast(("v8" - "v9") as double) / nullif(cast(abs("v9") as double), 0)) as "v11"
    from (select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v4", coalesce("m3", 0) as "v5", coalesce("m4", 0) as "v8", coalesce("m5", 0) as "v9"
      from "r0"
      where ((("g" = 0) and (((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null))) and (coalesce("m2", 0) > $14))) as "q"
    order by "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last, "k4" asc nulls last, "k5" asc nulls last, "k6" asc nulls last, "k7" asc nulls last, "k8" asc nulls last
    limit 9)
  union all (select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7", "v8", "v9", ("v8" - "v9") as "v10", (cast(("v8" - "v9") as double) / nullif(cast(abs("v9") as double), 0)) as "v11"
    from (select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v4", coalesce("m3", 0) as "v5", coalesce("m4", 0) as "v8", coalesce("m5", 0) as "v9"
      from "r0"
      where (("g" in (509)) and (("g" = 511) or (((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null))))) as "q")) as "t"
order by "g" asc nulls last, "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last, "k4" asc nulls last, "k5" asc nulls last, "k6" asc nulls last, "k7" asc nulls last, "k8" asc nulls last
-- $1 = 1000
-- $2 = "FR"
-- $3 = "Product 4"
-- $4 = "Product 5"
-- $5 = "new"
-- $6 = "store"
-- $7 = 1000
-- $8 = "FR"
-- $9 = "Product 4"
-- $10 = "Product 5"
-- $11 = "new"
-- $12 = "store"
-- $13 = 1000
-- $14 = 0;
