select "k0", 0 as "g", coalesce("m0", 0) as "v0", "m1" as "v1"
from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0", sum("x"."a_m1") as "m1"
  from (select "d_customer"."country" as "k0", "f"."cost" as "a_m1"
    from "cases" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where (("f"."customer_id" in (select "d"."customer_id" as "k"
          from "customer" as "d"
          left join (select "k0", 0 as "g", coalesce("m0", 0) as "v0"
            from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
              from (select "d_customer"."customer_id" as "k0"
                from "cases" as "f"
                left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
              group by "x"."k0") as "r0"
            where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
          where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and (("d"."country" = $1) or (coalesce("measured"."v0", 0) >= $2))))) is true)) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = "DE"
-- $2 = 3;
