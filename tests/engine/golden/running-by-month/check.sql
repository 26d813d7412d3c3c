select m::varchar, (select sum(amount) from sales where sold_on < m + interval 1 month), (select count(distinct customer_id) from sales where sold_on < m + interval 1 month)
from (select unnest([date '2024-06-01', date '2024-07-01', date '2024-08-01', date '2024-09-01']) as m)
