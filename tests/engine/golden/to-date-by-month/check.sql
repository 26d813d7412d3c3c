select m::varchar, (select sum(amount) from sales where sold_on >= '2025-01-01' and sold_on < m + interval 1 month), (select sum(amount) from sales where sold_on >= (case when m < '2025-04-01' then date '2024-04-01' else date '2025-04-01' end) and sold_on < m + interval 1 month)
from (select unnest([date '2025-02-01', date '2025-03-01', date '2025-04-01', date '2025-05-01']) as m)
