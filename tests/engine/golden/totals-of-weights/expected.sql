with "r0" as materialized ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0"
    from (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", ((grouping("x"."k1") * 1) + 0) as "g", sum("x"."a_m0") as "m0"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", sum(("x"."a_m0" * "x"."w")) as "a_m0"
          from (select "b_weighted_promotion"."a_promotion_name" as "k0", year("f"."sold_on") as "k1", "f"."amount" as "a_m0", coalesce("b_weighted_promotion"."w", 1) as "w"
            from "sales" as "f"
            left join (select "l"."sale_id" as "on", "d"."promotion_name" as "a_promotion_name", sum("l"."share") as "w"
              from "sale_promotion" as "l"
              left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
              group by "l"."sale_id", "d"."promotion_name") as "b_weighted_promotion" on ("f"."sale_id" = "b_weighted_promotion"."on")) as "x"
          group by "x"."k0", "x"."k1") as "x"
        group by grouping sets (("x"."k0", "x"."k1"), ("x"."k0"))) as "n") as "u0")
  union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", "u1"."m0" as "m0"
    from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m0") as "m0"
      from (select "f"."amount" as "a_m0"
        from "sales" as "f") as "x") as "u1")) select "k0", "k1", "g", "v0"
from ((select "k0", "k1", "g", "m0" as "v0"
    from "r0"
    where (("g" = 0) and ("m0" is not null))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", "m0" as "v0"
    from "r0"
    where (("g" in (3, 1)) and (("g" = 3) or ("m0" is not null))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
