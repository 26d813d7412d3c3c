select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0"
  from (select (cast("f"."sold_on" as date) in (date '2024-12-25')) as "k0", (case cast("f"."sold_on" as date) when date '2024-12-25' then 'Christmas' end) as "k1"
    from "sales" as "f") as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
