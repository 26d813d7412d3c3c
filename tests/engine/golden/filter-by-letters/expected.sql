select "k0", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
  from (select "f"."topic" as "k0"
    from "cases" as "f"
    where (contains(lower("f"."topic"), lower($1)) or ends_with(lower("f"."topic"), lower($2)))) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last
limit 10001
-- $1 = "% LATE_"
-- $2 = "'Y";
