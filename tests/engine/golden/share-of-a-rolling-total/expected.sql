with "r0" as materialized (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", sum("x"."a_m0") as "m0"
  from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where (("f"."sold_on" >= date '2024-08-04') and ("f"."sold_on" <= date '2024-08-31'))) as "x"
  group by grouping sets (("x"."k0"), ())), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0"
  from "r0") select "k0", "g", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", "m0" as "v1"
from "r1"
where (("g" = 0) and ("m0" is not null))
order by "k0" asc nulls last
limit 10001;
