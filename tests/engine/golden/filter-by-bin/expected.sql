select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
  from (select "d_customer"."__e0" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
    from "sales" as "f"
    left join (select *, (left(name, 1)) as "__e0"
      from "customer") as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where (((case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) = 2) or ((case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) is null))) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
