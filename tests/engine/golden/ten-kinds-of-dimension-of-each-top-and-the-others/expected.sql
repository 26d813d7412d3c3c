select "k0", 0 as "g", "m0" as "v0"
from (select make_date(("n"."k0" * 12) // 12, ("n"."k0" * 12) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
    from (select year("f"."shipped_on") as "k0", "f"."amount" as "a_m0"
      from "sales" as "f"
      where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-06-30'))) as "x"
    group by "x"."k0") as "n") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last
limit 2;

select "k0", "k1", "k2", "k3", "k4", 0 as "g", "m0" as "v0"
from (select "n"."k0" as "k0", "n"."k1" as "k1", "n"."k2" as "k2", "n"."k3" as "k3", make_date(("n"."k4" * 12) // 12, ("n"."k4" * 12) % 12 + 1, 1) as "k4", "n"."g" as "g", "n"."m0" as "m0"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", "x"."k4" as "k4", 0 as "g", sum(("x"."a_m0" * "x"."w")) as "m0"
    from (select "d_customer.region"."region_name" as "k0", "f"."channel" as "k1", (("f"."customer_id" in (select "d"."customer_id" as "k"
            from "customer" as "d"
            left join (select "k0", 0 as "g", "m0" as "v0"
              from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                  from "sales" as "f"
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0") as "r0"
              where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
            where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k2", "b_weighted_promotion"."a_type" as "k3", year("f"."shipped_on") as "k4", "f"."amount" as "a_m0", coalesce("b_weighted_promotion"."w", 1) as "w"
      from "sales" as "f"
      left join (select "l"."sale_id" as "on", "d"."type" as "a_type", sum("l"."share") as "w"
        from "sale_promotion" as "l"
        left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
        group by "l"."sale_id", "d"."type") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")
      left join "customer" as "d_customer" on ("f"."customer_version" = "d_customer"."customer_version")
      left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
      where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-06-30'))) as "x"
    group by "x"."k0", "x"."k1", "x"."k2", "x"."k3", "x"."k4") as "n") as "r0"
where (("m0" is not null) and ("k4" = cast($2 as date)))
order by "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last, "k4" asc nulls last
limit 10001
-- $1 = 1000
-- $2 = "2024-01-01";

select "k0", "k1", "k2", "k3", 0 as "g", "m0_r0" as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", 0 as "g", sum(("x"."a_m0_r0" * "x"."w")) as "m0_r0"
  from (select "d_customer.region"."region_name" as "k0", "f"."channel" as "k1", (("f"."customer_id" in (select "d"."customer_id" as "k"
          from "customer" as "d"
          left join (select "k0", 0 as "g", "m0" as "v0"
            from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
              from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                from "sales" as "f"
                left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
              group by "x"."k0") as "r0"
            where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
          where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k2", "b_weighted_promotion"."a_type" as "k3", "f"."amount" as "a_m0_r0", coalesce("b_weighted_promotion"."w", 1) as "w"
    from "sales" as "f"
    left join (select "l"."sale_id" as "on", "d"."type" as "a_type", sum("l"."share") as "w"
      from "sale_promotion" as "l"
      left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
      group by "l"."sale_id", "d"."type") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")
    left join "customer" as "d_customer" on ("f"."customer_version" = "d_customer"."customer_version")
    left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
    where ((("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-06-30')) and ((("f"."shipped_on" >= date '2024-01-01') and ("f"."shipped_on" <= date '2024-12-31')) is not true))) as "x"
  group by "x"."k0", "x"."k1", "x"."k2", "x"."k3") as "r0"
where ("m0_r0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last
limit 10000001
-- $1 = 1000;
