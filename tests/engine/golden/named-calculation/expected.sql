select "k0", 0 as "g", round((cast("m0" as double) / nullif(cast(coalesce("m1", 0) as double), 0)), cast(2 as integer)) as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
  from (select "d_product"."name" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by "x"."k0") as "r0"
where (((round((cast("m0" as double) / nullif(cast(coalesce("m1", 0) as double), 0)), cast(2 as integer)) is not null) and (("m0" is not null) or ("m1" is not null))) or ("m1" is not null))
order by "v0" desc nulls last, "k0" asc nulls last
limit 5;
