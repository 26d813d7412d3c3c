select status, region_name, sum(amount), count(distinct s.customer_id)
from sales s left join (select * from customer where valid_from is null) c using (customer_id) left join region using (region_id)
group by 1, 2
