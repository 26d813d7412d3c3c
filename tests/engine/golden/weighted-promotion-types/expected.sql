select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", (cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) as "v2"
from (select "x"."k0" as "k0", 0 as "g", sum(("x"."a_m0" * "x"."w")) as "m0", nullif(sum("x"."w"), 0) as "m1", sum(("x"."a_m2" * "x"."w")) as "m2"
  from (select "b_weighted_promotion"."a_type" as "k0", "f"."amount" as "a_m0", "f"."cost" as "a_m2", coalesce("b_weighted_promotion"."w", 1) as "w"
    from "sales" as "f"
    left join (select "l"."sale_id" as "on", "d"."type" as "a_type", sum("l"."share") as "w"
      from "sale_promotion" as "l"
      left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
      group by "l"."sale_id", "d"."type") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
