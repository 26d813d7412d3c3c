select "k0", 0 as "g", ("m0" - "m1") as "v0", (cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) as "v1", coalesce("m2", 0) as "v2"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", sum("x"."a_m1") as "m1", nullif(count(*), 0) as "m2"
  from (select "b_promotion"."a_promotion_name" as "k0", "f"."amount" as "a_m0", "f"."cost" as "a_m1"
    from "sales" as "f"
    left join (select "l"."sale_id" as "on", "d"."promotion_name" as "a_promotion_name"
      from "sale_promotion" as "l"
      left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
      group by "l"."sale_id", "d"."promotion_name") as "b_promotion" on ("f"."sale_id" = "b_promotion"."on")) as "x"
  group by "x"."k0") as "r0"
where (((("m0" - "m1") is not null) or ((cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001;
