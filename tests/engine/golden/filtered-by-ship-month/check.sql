select date_trunc('month', shipped_on)::date::varchar, sum(amount) filter (where channel = 'web'), count(*) filter (where channel = 'web'), count(*)
from sales where sold_on between '2024-01-01' and '2024-03-31'
group by 1
