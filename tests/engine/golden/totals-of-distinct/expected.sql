with "r0" as materialized (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", nullif(count(distinct "x"."a_m0"), 0) as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
    from (select "d_customer"."country" as "k0", year("f"."sold_on") as "k1", "f"."customer_id" as "a_m0", "f"."order_id" as "a_m1"
      from "sales" as "f"
      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
    group by grouping sets (("x"."k0", "x"."k1"), (), ("x"."k0"))) as "n") select "k0", "k1", "g", "v0", "v1"
from ((select "k0", "k1", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" = 0) and (("m0" is not null) or ("m1" is not null)))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" in (3, 1)) and (("g" = 3) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
