select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(distinct "x"."a_m0"), 0) as "m0"
  from (select "s"."k1" as "k1", "y".*
    from (select (("f"."customer_id" in (select "d"."customer_id" as "k"
            from "customer" as "d"
            left join (select "k0", 0 as "g", "m0" as "v0"
              from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                  from "sales" as "f"
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0") as "r0"
              where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
            where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k0", "f"."customer_id" as "a_m0", cast(date_trunc('quarter', "f"."sold_on") as date) as "d"
      from "sales" as "f"
      where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31'))) as "y"
    inner join (values (date '2024-01-01', date '2024-01-01'), (date '2024-04-01', date '2024-01-01'), (date '2024-04-01', date '2024-04-01'), (date '2024-07-01', date '2024-01-01'), (date '2024-07-01', date '2024-04-01'), (date '2024-07-01', date '2024-07-01'), (date '2024-10-01', date '2024-01-01'), (date '2024-10-01', date '2024-04-01'), (date '2024-10-01', date '2024-07-01'), (date '2024-10-01', date '2024-10-01')) as "s"("k1", "from") on ("y"."d" = "s"."from")) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001
-- $1 = 1000;
