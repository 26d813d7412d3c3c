select "k0", "k1", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "h0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1", nullif(count(*), 0) as "m2"
  from (select "h_seller"."a" as "k0", ((case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) + (case when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 91 then 0 when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 182 then 91 when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 273 then 182 else 273 end)) as "k1", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
    from "sales" as "f"
    left join (with recursive up(k, a) as (select k, k
        from (select "seller_id" as k, "above" as p
          from "seller") as m union select up.k, m.p
        from up join (select "seller_id" as k, "above" as p
          from "seller") as m on m.k = up.a
        where m.p is not null and m.p <> 0) select k, a
      from up) as "h_seller" on ("f"."product_id" = "h_seller"."k")
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
    where ((((("f"."product_id" in (select "h"."k" as "k"
                from (with recursive up(k, a) as (select k, k
                    from (select "seller_id" as k, "above" as p
                      from "seller") as m union select up.k, m.p
                    from up join (select "seller_id" as k, "above" as p
                      from "seller") as m on m.k = up.a
                    where m.p is not null and m.p <> 0) select k, a
                  from up) as "h"
                where ("h"."a" = $1))) is true) or (("d_product"."category" is not null) is not true)) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31'))) and (("f"."customer_id" in (select "d"."customer_id" as "k"
            from "customer" as "d"
            left join (select "k0", 0 as "g", "m0" as "v0"
              from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                  from "sales" as "f"
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0") as "r0"
              where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
            where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $2)))) is true))) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ((("m0" is not null) or ("m1" is not null)) and (coalesce("m2", 0) > $3))
order by "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last
limit 10
-- $1 = 2
-- $2 = 1000
-- $3 = 3;
