select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7"
from (select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", 0 as "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v4", coalesce("m3", 0) as "v5"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", "x"."k4" as "k4", "x"."k5" as "k5", "x"."k6" as "k6", "x"."k7" as "k7", "x"."k8" as "k8", "x"."k9" as "k9", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 0) then "x"."m2" end)) as "m2", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1", sum((case when ("x"."side" = 1) then "x"."m2" end)) as "m3"
    from (select (case when (("y"."d" >= date '2024-04-01') and ("y"."d" <= date '2024-06-30')) then "y"."d" else cast(("y"."d" + interval '3 months') as date) end) as "k9", (case when (("y"."d" >= date '2024-04-01') and ("y"."d" <= date '2024-06-30')) then 0 else 1 end) as "side", "y".*
      from (select "y"."k0" as "k0", "y"."k1" as "k1", "y"."k2" as "k2", "y"."k3" as "k3", "y"."k4" as "k4", "y"."k5" as "k5", "y"."k6" as "k6", "y"."k7" as "k7", "y"."k8" as "k8", "y"."d" as "d", sum(("y"."a_m0" * "y"."w")) as "m0", nullif(sum("y"."w"), 0) as "m2"
        from (select "d_product"."category" as "k0", "d_customer.region"."region_name" as "k1", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k2", cast(date_trunc('year', "f"."shipped_on") as date) as "k3", "f"."channel" as "k4", "b_promotion"."a_type" as "k5", "b_weighted_promotion"."a_promotion_name" as "k6", "d_customer"."status" as "k7", (("f"."customer_id" in (select "d"."customer_id" as "k"
                from "customer" as "d"
                left join (select "k0", 0 as "g", "m0" as "v0"
                  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                    from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                      from "sales" as "f"
                      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                    group by "x"."k0") as "r0"
                  where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
                where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k8", "f"."amount" as "a_m0", coalesce("b_weighted_promotion"."w", 1) as "w", cast(date_trunc('quarter', "f"."sold_on") as date) as "d"
          from "sales" as "f"
          inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
          inner join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
          left join (select "l"."sale_id" as "on", "d"."type" as "a_type"
            from "sale_promotion" as "l"
            left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
            group by "l"."sale_id", "d"."type") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")
          left join (select "l"."sale_id" as "on", "d"."promotion_name" as "a_promotion_name", sum("l"."share") as "w"
            from "sale_promotion" as "l"
            left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
            group by "l"."sale_id", "d"."promotion_name") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")
          where ((("d_customer"."country" = $2) and ("d_product"."name" in ($3, $4))) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-06-30')))) as "y"
        group by "y"."k0", "y"."k1", "y"."k2", "y"."k3", "y"."k4", "y"."k5", "y"."k6", "y"."k7", "y"."k8", "y"."d") as "y") as "x"
    group by "x"."k0", "x"."k1", "x"."k2", "x"."k3", "x"."k4", "x"."k5", "x"."k6", "x"."k7", "x"."k8", "x"."k9") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null))) as "q"
order by "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last, "k4" asc nulls last, "k5" asc nulls last, "k6" asc nulls last, "k7" asc nulls last, "k8" asc nulls last, "k9" asc nulls last
limit 9
-- $1 = 1000
-- $2 = "FR"
-- $3 = "Product 4"
-- $4 = "Product 5";
