select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", "m2" as "v2"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1", avg("x"."a_m2") as "m2"
  from (select (("f"."customer_id" in (select "d"."customer_id" as "k"
          from "customer" as "d"
          left join (select "k0", 0 as "g", "m0" as "v0"
            from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
              from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                from "sales" as "f"
                left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
              group by "x"."k0") as "r0"
            where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
          where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1", "f"."amount" as "a_m2"
    from "sales" as "f") as "x"
  group by "x"."k0") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = 1000;
