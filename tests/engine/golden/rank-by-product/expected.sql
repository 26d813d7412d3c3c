with "r0" as materialized (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_product"."name" as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by "x"."k0"), "r1" as (select *, rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_0"
  from "r0") select "k0", "g", (case when ("m0" is not null) then "w0_0" end) as "v0", "m0" as "v1"
from "r1"
where (("g" = 0) and (("m0" is not null) or ("m0" is not null)))
order by "v0" asc nulls last, "k0" asc nulls last
limit 6;
