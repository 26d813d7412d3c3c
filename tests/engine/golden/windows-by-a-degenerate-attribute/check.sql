select channel as k, sum(amount), sum(amount) filter (where sold_on between '2024-09-03' and '2024-09-30'), sum(amount) filter (where sold_on between '2024-01-01' and '2024-09-30'), sum(amount) filter (where sold_on between '2024-07-01' and '2024-08-31')
from sales s where sold_on <= '2024-09-30' group by 1
