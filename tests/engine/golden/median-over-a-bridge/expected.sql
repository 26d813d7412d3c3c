select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v2"
from (select "x"."k0" as "k0", 0 as "g", median("x"."a_m0") as "m0", stddev_samp("x"."a_m1") as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2"
  from (select "b_promotion"."a_type" as "k0", cast("f"."amount" as double) as "a_m0", cast("f"."amount" as double) as "a_m1", "f"."order_id" as "a_m2"
    from "sales" as "f"
    left join (select "l"."sale_id" as "on", "d"."type" as "a_type"
      from "sale_promotion" as "l"
      left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
      group by "l"."sale_id", "d"."type") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")) as "x"
  group by "x"."k0") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001;
