select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1"
  from (select "x"."k0" as "k0", 0 as "g", median("x"."a_m0") as "m0", quantile_cont("x"."a_m1", 0.9) as "m1"
    from (select (year("f"."sold_on") * 4 + quarter("f"."sold_on") - 1) as "k0", cast("f"."amount" as double) as "a_m0", cast("f"."amount" as double) as "a_m1"
      from "sales" as "f") as "x"
    group by "x"."k0") as "n") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
