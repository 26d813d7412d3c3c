select m::varchar, (select sum(amount) from sales where date_trunc('month', sold_on) = m), (select sum(amount) from sales where date_trunc('month', sold_on) = m - interval 1 month), (select sum(amount) from sales where date_trunc('month', sold_on) = m - interval 1 year)
from (select unnest([date '2025-01-01', date '2025-02-01', date '2025-03-01']) as m)
