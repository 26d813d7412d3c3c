select "k0", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
  from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last
limit 3;

with "r0" as materialized ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1"
    from (select "x"."k0" as "k0", "x"."k1" as "k1", ((grouping("x"."k1") * 1) + 0) as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
      from (select "b_promotion"."a_type" as "k0", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k1", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
        from "sales" as "f"
        left join (select "l"."sale_id" as "on", "d"."type" as "a_type"
          from "sale_promotion" as "l"
          left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
          group by "l"."sale_id", "d"."type") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")
        left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
      group by grouping sets (("x"."k0", "x"."k1"), ("x"."k0"))) as "u0")
  union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", "u1"."m0" as "m0", "u1"."m1" as "m1"
    from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
      from (select "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
        from "sales" as "f") as "x") as "u1")) select "k0", "k1", "g", "v0", "v1"
from ((select "k0", "k1", "g", "m0" as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where ((("g" = 0) and (("m0" is not null) or ("m1" is not null))) and (("k1" = 1) or ("k1" = 2)))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", "m0" as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" in (3, 1)) and (("g" = 3) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
