select "k0", 0 as "g", coalesce("m0", 0) as "v0", (case when (cast(coalesce("m0", 0) as hugeint) > 1300) then 1 when (cast(coalesce("m0", 0) as hugeint) > 0) then (coalesce("m1", 0) * 0) else null end) as "v1"
from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0", sum("x"."a_m1") filter (where "x"."b_m1") as "m1"
  from (select "f"."channel" as "k0", ("f"."channel" = $1) as "b_m1", "f"."amount" as "a_m1"
    from "sales" as "f") as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or (((case when (cast(coalesce("m0", 0) as hugeint) > 1300) then 1 when (cast(coalesce("m0", 0) as hugeint) > 0) then (coalesce("m1", 0) * 0) else null end) is not null) and (("m0" is not null) or ("m1" is not null))))
order by "k0" asc nulls last
limit 10001
-- $1 = "web";
