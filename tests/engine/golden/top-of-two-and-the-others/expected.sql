select "k0", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_customer"."country" as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last
limit 3;

select "k0", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "f"."channel" as "k0", "f"."amount" as "a_m0"
    from "sales" as "f") as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last
limit 2;

with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
  from (select "d_customer"."country" as "k0", "f"."channel" as "k1", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by grouping sets (("x"."k0", "x"."k1"), (), ("x"."k0"))) select "k0", "k1", "g", "v0", "v1"
from ((select "k0", "k1", "g", "m0" as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (((("g" = 0) and (("m0" is not null) or ("m1" is not null))) and (("k0" is null) or ("k0" = $1))) and ("k1" is null))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", "m0" as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" in (3, 1)) and (("g" = 3) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last
-- $1 = "DE";

select "k0", 0 as "g", "m0_r0" as "v0", coalesce("m1_r0", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0_r0") as "m0_r0", nullif(count(distinct "x"."a_m1_r0"), 0) as "m1_r0"
  from (select "f"."channel" as "k0", "f"."amount" as "a_m0_r0", "f"."customer_id" as "a_m1_r0"
    from "sales" as "f"
    inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where ((("d_customer"."country" = $1) or ("d_customer"."country" is null)) is not true)) as "x"
  group by "x"."k0") as "r0"
where ((("m0_r0" is not null) or ("m1_r0" is not null)) and ("k0" is null))
order by "k0" asc nulls last
limit 10000001
-- $1 = "DE";

select "k0", 0 as "g", "m0_r1" as "v0", coalesce("m1_r1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0_r1") as "m0_r1", nullif(count(distinct "x"."a_m1_r1"), 0) as "m1_r1"
  from (select "d_customer"."country" as "k0", "f"."amount" as "a_m0_r1", "f"."customer_id" as "a_m1_r1"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where ((false or ("f"."channel" is null)) is not true)) as "x"
  group by "x"."k0") as "r0"
where ((("m0_r1" is not null) or ("m1_r1" is not null)) and (("k0" is null) or ("k0" = $1)))
order by "k0" asc nulls last
limit 10000001
-- $1 = "DE";

select 0 as "g", "m0_r2" as "v0", coalesce("m1_r2", 0) as "v1"
from (select 0 as "g", sum("x"."a_m0_r2") as "m0_r2", nullif(count(distinct "x"."a_m1_r2"), 0) as "m1_r2"
  from (select "f"."amount" as "a_m0_r2", "f"."customer_id" as "a_m1_r2"
    from "sales" as "f"
    inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where (((("d_customer"."country" = $1) or ("d_customer"."country" is null)) is not true) and ((false or ("f"."channel" is null)) is not true))) as "x") as "r0"
limit 10000001
-- $1 = "DE";
