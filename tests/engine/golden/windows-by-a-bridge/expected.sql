select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", "m2" as "v2", "m3" as "v3"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", sum("x"."a_m0") filter (where "x"."s1") as "m1", sum("x"."a_m0") filter (where "x"."s2") as "m2", sum("x"."a_m0") filter (where "x"."s3") as "m3"
  from (select "b_promotion"."a_type" as "k0", "f"."amount" as "a_m0", ("f"."sold_on" <= date '2024-09-30') as "s0", (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30')) as "s1", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')) as "s2", (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-08-31')) as "s3"
    from "sales" as "f"
    left join (select "l"."sale_id" as "on", "d"."type" as "a_type"
      from "sale_promotion" as "l"
      left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
      group by "l"."sale_id", "d"."type") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")
    where ("f"."sold_on" <= date '2024-09-30')) as "x"
  group by "x"."k0") as "r0"
where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null))
order by "k0" asc nulls last
limit 10001;
