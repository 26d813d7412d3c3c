select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0"
  from (select isodow("f"."sold_on") as "k0", quarter("f"."sold_on") as "k1"
    from "sales" as "f"
    where ((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31')) and ((isodow("f"."sold_on") > 5) = $1))) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001
-- $1 = false;
