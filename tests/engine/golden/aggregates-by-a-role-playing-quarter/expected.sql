with "r0" as materialized (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2", "n"."m3" as "m3", "n"."m4" as "m4", "n"."m5" as "m5", "n"."m6" as "m6", "n"."m7" as "m7", "n"."m8" as "m8", "n"."m9" as "m9", "n"."m10" as "m10"
  from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", sum("x"."a_m0") as "m0", nullif(count(*), 0) as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2", avg("x"."a_m3") as "m3", max("x"."a_m4") as "m4", min("x"."a_m5") as "m5", median("x"."a_m6") as "m6", quantile_cont("x"."a_m7", 0.9) as "m7", stddev_samp("x"."a_m8") as "m8", sum("x"."a_m9") filter (where "x"."b_m9") as "m9", sum("x"."a_m10") as "m10"
    from (select (year("f"."shipped_on") * 4 + quarter("f"."shipped_on") - 1) as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $1) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10"
      from "sales" as "f") as "x"
    group by grouping sets (("x"."k0"), ())) as "n"), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast(("m0" - "m10") as double) / nullif(cast("m0" as double), 0)) as "v10", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v11", (case when ("m0" is not null) then "w0_1" end) as "v12"
from "r1"
where (("g" = 0) and ((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or ("m0" is not null)))
order by "k0" asc nulls last
limit 10001
-- $1 = "web";
