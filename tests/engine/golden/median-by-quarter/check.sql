select date_trunc('quarter', sold_on)::date::varchar, median(amount::double), quantile_cont(amount::double, 0.9)
from sales group by 1
