select "k0", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
  from (select date_trunc('hour', timezone('Asia/Katmandu', "f"."at")) as "k0"
    from "visits" as "f"
    where (("f"."at" >= cast('2024-03-30T18:15:00.000Z' as timestamptz)) and ("f"."at" < cast('2024-03-31T18:15:00.000Z' as timestamptz)))) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last
limit 10001;
