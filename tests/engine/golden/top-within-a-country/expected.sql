select "k0", "k1", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_customer"."country" as "k0", "d_customer"."city" as "k1", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last
limit 10000001;

with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_customer"."country" as "k0", "d_customer"."city" as "k1", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by "x"."k0", "x"."k1"), "r1" as (select *, rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_0"
  from "r0") select "k0", "k1", "g", "m0" as "v0", (case when ("m0" is not null) then "w0_0" end) as "v1"
from "r1"
where ((("g" = 0) and (("m0" is not null) or ("m0" is not null))) and ((((((((("k0" is null) and ("k1" is null)) or (("k0" is null) and ("k1" = $1))) or (("k0" = $2) and ("k1" = $3))) or (("k0" = $4) and ("k1" = $5))) or (("k0" = $6) and ("k1" = $7))) or (("k0" = $8) and ("k1" = $9))) or (("k0" = $10) and ("k1" = $11))) or (("k0" = $12) and ("k1" = $13))))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001
-- $1 = "City 3"
-- $2 = "DE"
-- $3 = "City 1"
-- $4 = "IT"
-- $5 = "City 6"
-- $6 = "DE"
-- $7 = "City 5"
-- $8 = "IT"
-- $9 = "City 3"
-- $10 = "FR"
-- $11 = "City 5"
-- $12 = "FR"
-- $13 = "City 2";
