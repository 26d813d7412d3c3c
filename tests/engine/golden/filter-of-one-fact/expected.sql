select "k0", 0 as "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
        from (select "d_customer"."country" as "k0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ("f"."channel" = $1)) as "x"
        group by "x"."k0") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m1"
        from (select "d_customer"."country" as "k0"
          from "cases" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
        group by "x"."k0") as "u1")) as "u"
  group by "u"."k0", "u"."g") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = "web";
