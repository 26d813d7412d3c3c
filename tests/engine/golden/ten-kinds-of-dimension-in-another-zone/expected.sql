select "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2"
from (select "n"."k0" as "k0", "n"."k1" as "k1", "n"."k2" as "k2", "n"."k3" as "k3", make_date(("n"."k4" * 12) // 12, ("n"."k4" * 12) % 12 + 1, 1) as "k4", "n"."k5" as "k5", "n"."k6" as "k6", "n"."k7" as "k7", "n"."k8" as "k8", "n"."k9" as "k9", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", "x"."k4" as "k4", "x"."k5" as "k5", "x"."k6" as "k6", "x"."k7" as "k7", "x"."k8" as "k8", "x"."k9" as "k9", 0 as "g", sum(("x"."a_m0" * "x"."w")) as "m0", nullif(sum("x"."w"), 0) as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2"
    from (select "d_product"."category" as "k0", "d_customer.region"."region_name" as "k1", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k2", make_date(year("f"."sold_on"), case when month("f"."sold_on") < 7 then 1 else 7 end, 1) as "k3", year("f"."shipped_on") as "k4", "f"."channel" as "k5", "b_promotion"."a_type" as "k6", "b_weighted_promotion"."a_promotion_name" as "k7", "d_customer"."status" as "k8", (("f"."customer_id" in (select "d"."customer_id" as "k"
            from "customer" as "d"
            left join (select "k0", 0 as "g", "m0" as "v0"
              from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                  from "sales" as "f"
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0") as "r0"
              where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
            where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k9", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", coalesce("b_weighted_promotion"."w", 1) as "w"
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
      where (((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31')) and ("d_customer"."country" = $2)) and ("d_product"."name" = $3))) as "x"
    group by "x"."k0", "x"."k1", "x"."k2", "x"."k3", "x"."k4", "x"."k5", "x"."k6", "x"."k7", "x"."k8", "x"."k9") as "n") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last, "k4" asc nulls last, "k5" asc nulls last, "k6" asc nulls last, "k7" asc nulls last, "k8" asc nulls last, "k9" asc nulls last
limit 10001
-- $1 = 1000
-- $2 = "IT"
-- $3 = "Product 4";
