select "k0", 0 as "g", coalesce("m0", 0) as "v0", "m1" as "v1"
from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0", max("x"."a_m1") as "m1"
  from (select "f"."channel" as "k0", "f"."amount" as "a_m1"
    from "sales" as "f"
    where ("f"."shipped_on" is null)) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
