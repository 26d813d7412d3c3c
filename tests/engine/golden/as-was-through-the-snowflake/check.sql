select region_name, (case when month(sold_on) < 7 then make_date(year(sold_on), 1, 1) else make_date(year(sold_on), 7, 1) end)::varchar, count(*)
from sales s join customer c on s.customer_version = c.customer_version left join region using (region_id)
where status = 'new' group by 1, 2
