select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
  from (select "s"."k0" as "k0", "y".*
    from (select "f"."amount" as "a_m0", "f"."customer_id" as "a_m1", cast(date_trunc('month', "f"."sold_on") as date) as "d"
      from "sales" as "f"
      where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
    inner join (values (date '2024-06-01', date '2024-01-01'), (date '2024-06-01', date '2024-02-01'), (date '2024-06-01', date '2024-03-01'), (date '2024-06-01', date '2024-04-01'), (date '2024-06-01', date '2024-05-01'), (date '2024-06-01', date '2024-06-01'), (date '2024-07-01', date '2024-01-01'), (date '2024-07-01', date '2024-02-01'), (date '2024-07-01', date '2024-03-01'), (date '2024-07-01', date '2024-04-01'), (date '2024-07-01', date '2024-05-01'), (date '2024-07-01', date '2024-06-01'), (date '2024-07-01', date '2024-07-01'), (date '2024-08-01', date '2024-01-01'), (date '2024-08-01', date '2024-02-01'), (date '2024-08-01', date '2024-03-01'), (date '2024-08-01', date '2024-04-01'), (date '2024-08-01', date '2024-05-01'), (date '2024-08-01', date '2024-06-01'), (date '2024-08-01', date '2024-07-01'), (date '2024-08-01', date '2024-08-01'), (date '2024-09-01', date '2024-01-01'), (date '2024-09-01', date '2024-02-01'), (date '2024-09-01', date '2024-03-01'), (date '2024-09-01', date '2024-04-01'), (date '2024-09-01', date '2024-05-01'), (date '2024-09-01', date '2024-06-01'), (date '2024-09-01', date '2024-07-01'), (date '2024-09-01', date '2024-08-01'), (date '2024-09-01', date '2024-09-01')) as "s"("k0", "from") on ("y"."d" = "s"."from")) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
