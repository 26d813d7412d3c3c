select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0"
  from (select "d_customer.region"."region_name" as "k0", make_date(year("f"."sold_on"), case when month("f"."sold_on") < 7 then 1 else 7 end, 1) as "k1"
    from "sales" as "f"
    inner join "customer" as "d_customer" on ("f"."customer_version" = "d_customer"."customer_version")
    left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
    where ("d_customer"."status" = $1)) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001
-- $1 = "new";
