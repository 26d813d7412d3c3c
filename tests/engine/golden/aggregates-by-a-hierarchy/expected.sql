with "r0" as materialized ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", "u0"."m2" as "m2", "u0"."m3" as "m3", "u0"."m4" as "m4", "u0"."m5" as "m5", "u0"."m6" as "m6", "u0"."m7" as "m7", "u0"."m8" as "m8", "u0"."m9" as "m9", "u0"."m10" as "m10"
    from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(*), 0) as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2", avg("x"."a_m3") as "m3", max("x"."a_m4") as "m4", min("x"."a_m5") as "m5", median("x"."a_m6") as "m6", quantile_cont("x"."a_m7", 0.9) as "m7", stddev_samp("x"."a_m8") as "m8", sum("x"."a_m9") filter (where "x"."b_m9") as "m9", sum("x"."a_m10") as "m10"
      from (select "h_seller"."a" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $1) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10"
        from "sales" as "f"
        left join (with recursive up(k, a) as (select k, k
            from (select "seller_id" as k, "above" as p
              from "seller") as m union select up.k, m.p
            from up join (select "seller_id" as k, "above" as p
              from "seller") as m on m.k = up.a
            where m.p is not null and m.p <> 0) select k, a
          from up) as "h_seller" on ("f"."product_id" = "h_seller"."k")) as "x"
      group by "x"."k0") as "u0")
  union all (select "u1"."k0" as "k0", "u1"."g" as "g", "u1"."m0" as "m0", "u1"."m1" as "m1", "u1"."m2" as "m2", "u1"."m3" as "m3", "u1"."m4" as "m4", "u1"."m5" as "m5", "u1"."m6" as "m6", "u1"."m7" as "m7", "u1"."m8" as "m8", "u1"."m9" as "m9", "u1"."m10" as "m10"
    from (select null as "k0", 1 as "g", sum("x"."a_m0") as "m0", nullif(count(*), 0) as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2", avg("x"."a_m3") as "m3", max("x"."a_m4") as "m4", min("x"."a_m5") as "m5", median("x"."a_m6") as "m6", quantile_cont("x"."a_m7", 0.9) as "m7", stddev_samp("x"."a_m8") as "m8", sum("x"."a_m9") filter (where "x"."b_m9") as "m9", sum("x"."a_m10") as "m10"
      from (select "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $2) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10"
        from "sales" as "f") as "x") as "u1")), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast(("m0" - "m10") as double) / nullif(cast("m0" as double), 0)) as "v10", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v11", (case when ("m0" is not null) then "w0_1" end) as "v12"
from "r1"
where (("g" = 0) and ((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or ("m0" is not null)))
order by "k0" asc nulls last
limit 10001
-- $1 = "web"
-- $2 = "web";
