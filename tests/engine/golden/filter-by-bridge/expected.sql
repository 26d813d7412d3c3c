select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", "m2" as "v2"
from (select make_date(("n"."k0" * 12) // 12, ("n"."k0" * 12) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(*), 0) as "m1", avg("x"."a_m2") as "m2"
    from (select year("f"."sold_on") as "k0", "f"."amount" as "a_m0", "f"."amount" as "a_m2"
      from "sales" as "f"
      where (("f"."sale_id" in (select "l"."sale_id" as "k"
            from "sale_promotion" as "l"
            left join "promotion" as "d" on ("l"."promotion_id" = "d"."promotion_id")
            where ("d"."type" = $1))) is true)) as "x"
    group by "x"."k0") as "n") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = "price";
