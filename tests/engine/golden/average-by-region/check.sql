select region_name, avg(amount), count(*)
from sales left join (select * from customer where valid_until is null) c using (customer_id) left join region using (region_id)
group by 1
