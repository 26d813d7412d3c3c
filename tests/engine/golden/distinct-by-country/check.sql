select country, count(distinct order_id), count(distinct customer_id)
from sales left join (select * from customer where valid_until is null) c using (customer_id)
group by 1
