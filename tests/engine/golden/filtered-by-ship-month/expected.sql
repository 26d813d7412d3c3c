select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2"
from (select make_date("n"."k0" // 12, "n"."k0" % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."b_m0") as "m0", nullif(count(*) filter (where "x"."b_m1"), 0) as "m1", nullif(count(*), 0) as "m2"
    from (select (year("f"."shipped_on") * 12 + month("f"."shipped_on") - 1) as "k0", ("f"."channel" = $1) as "b_m0", "f"."amount" as "a_m0", ("f"."channel" = $2) as "b_m1"
      from "sales" as "f"
      where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31'))) as "x"
    group by "x"."k0") as "n") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = "web"
-- $2 = "web";
