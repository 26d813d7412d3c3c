select case when sold_on < '2024-04-01' then '2023-04-01' when sold_on < '2025-04-01' then '2024-04-01' else '2025-04-01' end, stddev_samp(amount::double), avg(amount)
from sales group by 1
